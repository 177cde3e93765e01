"""the sealed box"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('box_opening',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('head_size', sa.Integer(), nullable=False),
    sa.Column('mode', sa.String(length=10), nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=True),
    sa.Column('secret', sa.LargeBinary(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_box_opening_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_box_opening'))
    )
    op.create_table('cast_ballot',
    sa.Column('leaf_hash', sa.String(length=64), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('entry', sa.LargeBinary(), nullable=True),
    sa.Column('replaces', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_cast_ballot_edition_id_edition')),
    sa.PrimaryKeyConstraint('leaf_hash', name=op.f('pk_cast_ballot')),
    sa.UniqueConstraint('replaces', name=op.f('uq_cast_ballot_replaces')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('cast_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cast_ballot_edition_id'), ['edition_id'], unique=False)

    op.create_table('log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('origin', sa.String(length=200), nullable=False),
    sa.Column('election_hash', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('roots', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind IN ('ballots', 'acts')", name=op.f('ck_log_known_kind')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_log_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log')),
    sa.UniqueConstraint('edition_id', 'kind', name=op.f('uq_log_edition_id_kind'))
    )
    op.create_table('motion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seconded_by_id', sa.Integer(), nullable=True),
    sa.Column('seconded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('seconded_at IS NULL OR withdrawn_at IS NULL', name=op.f('ck_motion_ends_once')),
    sa.CheckConstraint('seconded_by_id IS NULL OR seconded_by_id <> proposed_by_id', name=op.f('ck_motion_takes_two')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_motion_edition_id_edition')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['account.id'], name=op.f('fk_motion_proposed_by_id_account')),
    sa.ForeignKeyConstraint(['seconded_by_id'], ['account.id'], name=op.f('fk_motion_seconded_by_id_account')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['account.id'], name=op.f('fk_motion_withdrawn_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_motion')),
    sa.UniqueConstraint('public_id', name=op.f('uq_motion_public_id'))
    )
    with op.batch_alter_table('motion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_motion_edition_id'), ['edition_id'], unique=False)

    op.create_table('poll_freeze',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('election_hash', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_poll_freeze_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_poll_freeze_edition_id_edition')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['account.id'], name=op.f('fk_poll_freeze_proposed_by_id_account')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_poll_freeze'))
    )
    op.create_table('public_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=60), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=True),
    sa.Column('text', sa.String(length=4000), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_public_act_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_act'))
    )
    with op.batch_alter_table('public_act', schema=None) as batch_op:
        batch_op.create_index('ix_public_act_edition_id_place', ['edition_id', 'place'], unique=False)

    op.create_table('log_cosignature',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('witness', sa.String(length=100), nullable=False),
    sa.Column('line', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['log.id'], name=op.f('fk_log_cosignature_log_id_log')),
    sa.PrimaryKeyConstraint('log_id', 'size', 'witness', name=op.f('pk_log_cosignature'))
    )
    op.create_table('log_head',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['log.id'], name=op.f('fk_log_head_log_id_log')),
    sa.PrimaryKeyConstraint('log_id', 'size', name=op.f('pk_log_head'))
    )
    op.create_table('log_leaf',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('entry', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['log_id'], ['log.id'], name=op.f('fk_log_leaf_log_id_log')),
    sa.PrimaryKeyConstraint('log_id', 'place', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('log_id', 'hash', name=op.f('uq_log_leaf_log_id_hash')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opening', sa.LargeBinary(), nullable=True))
        batch_op.alter_column('sealed', new_column_name='content')
        batch_op.drop_index(batch_op.f('ix_ballot_tracking_code'))
        batch_op.drop_column('tracking_code')

    with op.batch_alter_table('ballot_box', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_key', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('election_hash', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ballot_bytes', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('changeable', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('merge_by', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('opened', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('frozen', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('registrar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('frozen', sa.Boolean(), nullable=False, server_default=sa.false()))

    # Boxes closed before ballots were sealed lie open; their receipts are still found by the hash of the ballot.
    op.execute("UPDATE ballot_box SET opened = closed")
    op.execute(
        "INSERT INTO cast_ballot (leaf_hash, edition_id) SELECT leaf_hash, ballot.edition_id FROM ballot"
        " JOIN ballot_box ON ballot_box.edition_id = ballot.edition_id WHERE channel = 'online' AND opened"
    )


def downgrade() -> None:
    with op.batch_alter_table('registrar', schema=None) as batch_op:
        batch_op.drop_column('frozen')

    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_column('frozen')

    with op.batch_alter_table('ballot_box', schema=None) as batch_op:
        batch_op.drop_column('opened')
        batch_op.drop_column('merge_by')
        batch_op.drop_column('changeable')
        batch_op.drop_column('ballot_bytes')
        batch_op.drop_column('election_hash')
        batch_op.drop_column('public_key')

    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tracking_code', sa.String(length=16), nullable=False, server_default=''))
        batch_op.alter_column('content', new_column_name='sealed')
        batch_op.drop_column('opening')
        batch_op.create_index(batch_op.f('ix_ballot_tracking_code'), ['tracking_code'], unique=False)

    op.drop_table('log_leaf')
    op.drop_table('log_head')
    op.drop_table('log_cosignature')
    with op.batch_alter_table('public_act', schema=None) as batch_op:
        batch_op.drop_index('ix_public_act_edition_id_place')

    op.drop_table('public_act')
    op.drop_table('poll_freeze')
    with op.batch_alter_table('motion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_motion_edition_id'))

    op.drop_table('motion')
    op.drop_table('log')
    with op.batch_alter_table('cast_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cast_ballot_edition_id'))

    op.drop_table('cast_ballot')
    op.drop_table('box_opening')
