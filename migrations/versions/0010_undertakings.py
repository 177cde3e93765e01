"""members invited, papers of an organisation, undertakings of a file"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('accepted', 'withdrawn')", name=op.f('ck_invitation_known_outcome')),
    sa.CheckConstraint("role IN ('representative', 'treasurer', 'writer', 'reader')", name=op.f('ck_invitation_known_role')),
    sa.CheckConstraint('(outcome IS NULL) = (ended_at IS NULL)', name=op.f('ck_invitation_ended_with_outcome')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_invitation_invited_by_id_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_invitation_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('organisation_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=150), nullable=False),
    sa.Column('media_type', sa.String(length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('size > 0', name=op.f('ck_organisation_paper_not_empty')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= dated_on', name=op.f('ck_organisation_paper_valid_after_its_date')),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_organisation_paper_added_by_id_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_paper_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_paper')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organisation_paper_public_id'))
    )
    with op.batch_alter_table('organisation_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_paper_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('organisation_paper_content',
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['paper_id'], ['organisation_paper.id'], name=op.f('fk_organisation_paper_content_paper_id_organisation_paper')),
    sa.PrimaryKeyConstraint('paper_id', name=op.f('pk_organisation_paper_content'))
    )
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('text_version', sa.String(length=40), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['account.id'], name=op.f('fk_commitment_accepted_by_id_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_commitment_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_commitment_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('interest_statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=2000), nullable=False),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stated_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_interest_statement_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['stated_by_id'], ['account.id'], name=op.f('fk_interest_statement_stated_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interest_statement'))
    )
    with op.batch_alter_table('interest_statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interest_statement_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('sponsor_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('sponsor_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("act <> 'decline' OR reason <> ''", name=op.f('ck_sponsor_step_declined_with_reason')),
    sa.CheckConstraint("act IN ('ask', 'validate', 'decline')", name=op.f('ck_sponsor_step_known_act')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_sponsor_step_by_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_sponsor_step_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['sponsor_id'], ['organisation.id'], name=op.f('fk_sponsor_step_sponsor_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sponsor_step'))
    )
    with op.batch_alter_table('sponsor_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sponsor_step_proposal_id'), ['proposal_id'], unique=False)

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('led_by_diaspora', sa.Boolean(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('led_by_diaspora')

    with op.batch_alter_table('sponsor_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sponsor_step_proposal_id'))

    op.drop_table('sponsor_step')
    with op.batch_alter_table('interest_statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interest_statement_proposal_id'))

    op.drop_table('interest_statement')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commitment_proposal_id'))

    op.drop_table('commitment')
    op.drop_table('organisation_paper_content')
    with op.batch_alter_table('organisation_paper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_paper_organisation_id'))

    op.drop_table('organisation_paper')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_email'))

    op.drop_table('invitation')
