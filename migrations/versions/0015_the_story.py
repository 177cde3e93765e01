"""following without an account, the city's own words, mails that do not arrive"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lost_mail',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'day', name=op.f('pk_lost_mail'))
    )
    op.create_table('mail_wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(subject = '') = (body = '')", name=op.f('ck_mail_wording_whole_or_blank')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['account.id'], name=op.f('fk_mail_wording_saved_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_wording'))
    )
    with op.batch_alter_table('mail_wording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_wording_name'), ['name'], unique=False)

    op.create_table('follower',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('edition_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(proposal_id IS NULL) <> (edition_id IS NULL)', name=op.f('ck_follower_follows_one_thing')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_follower_edition_id_edition')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_follower_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follower')),
    sa.UniqueConstraint('email', 'edition_id', name=op.f('uq_follower_email_edition_id')),
    sa.UniqueConstraint('email', 'proposal_id', name=op.f('uq_follower_email_proposal_id')),
    sa.UniqueConstraint('token', name=op.f('uq_follower_token'))
    )
    with op.batch_alter_table('follower', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follower_edition_id'), ['edition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follower_proposal_id'), ['proposal_id'], unique=False)

    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unsubscribe', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('problem', sa.String(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.drop_column('closed_at')
        batch_op.drop_column('problem')
        batch_op.drop_column('failed_at')
        batch_op.drop_column('unsubscribe')

    with op.batch_alter_table('follower', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follower_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_follower_edition_id'))

    op.drop_table('follower')
    with op.batch_alter_table('mail_wording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_wording_name'))

    op.drop_table('mail_wording')
    op.drop_table('lost_mail')
