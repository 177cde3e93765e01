"""tables sent"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('table_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('encoding', sa.String(length=10), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("stage IN ('reading', 'read', 'applying', 'applied', 'refused', 'stale')", name=op.f('ck_table_import_known_stage')),
    sa.ForeignKeyConstraint(['applied_by_id'], ['account.id'], name=op.f('fk_table_import_applied_by_id_account')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_table_import_edition_id_edition')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_table_import_made_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_import')),
    sa.UniqueConstraint('public_id', name=op.f('uq_table_import_public_id'))
    )
    op.create_index(op.f('ix_table_import_edition_id'), 'table_import', ['edition_id'], unique=False)
    op.create_table('project_reference',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_project_reference_edition_id_edition')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_project_reference_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('edition_id', 'reference', name=op.f('pk_project_reference'))
    )
    op.create_index(op.f('ix_project_reference_proposal_id'), 'project_reference', ['proposal_id'], unique=True)


def downgrade() -> None:
    op.drop_table('project_reference')
    op.drop_table('table_import')
