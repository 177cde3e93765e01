"""what the partner says"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = "0011"
branch_labels = None
depends_on = None

DOCUMENT = ("from_partner", "alt", "width", "height", "shared", "consented_at")


def upgrade() -> None:
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('from_partner', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('alt', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('width', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('height', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('shared', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('document', schema=None) as batch_op:
        for name in ("from_partner", "alt", "shared"):
            batch_op.alter_column(name, server_default=None)
    op.create_table('partner_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('contact', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_partner_link_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['account.id'], name=op.f('fk_partner_link_sent_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_partner_link_token_hash'))
    )
    with op.batch_alter_table('partner_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_link_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('partner_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('identity', sa.JSON(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('function', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('letter', sa.String(), nullable=False),
    sa.Column('letter_hash', sa.String(length=64), nullable=False),
    sa.Column('statement', sa.String(length=2000), nullable=False),
    sa.Column('statement_language', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("outcome IN ('confirmed', 'declined')", name=op.f('ck_partner_answer_known_outcome')),
    sa.ForeignKeyConstraint(['link_id'], ['partner_link.id'], name=op.f('fk_partner_answer_link_id_partner_link')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_partner_answer_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_answer'))
    )
    with op.batch_alter_table('partner_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_answer_proposal_id'), ['proposal_id'], unique=False)


def downgrade() -> None:
    op.drop_table('partner_answer')
    op.drop_table('partner_link')
    with op.batch_alter_table('document', schema=None) as batch_op:
        for name in DOCUMENT:
            batch_op.drop_column(name)
