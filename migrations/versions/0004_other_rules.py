"""other rules"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('simulation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('count_id', sa.Integer(), nullable=False),
    sa.Column('official', sa.Boolean(), nullable=False),
    sa.Column('envelope_cents', sa.BigInteger(), nullable=False),
    sa.Column('min_votes', sa.Integer(), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['count_id'], ['ballot_count.id'], name=op.f('fk_simulation_count_id_ballot_count')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_simulation_made_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_simulation_public_id'))
    )
    op.create_index(op.f('ix_simulation_count_id'), 'simulation', ['count_id'], unique=False)
    op.create_table('simulated_rule',
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulated_rule_simulation_id_simulation')),
    sa.PrimaryKeyConstraint('simulation_id', 'position', name=op.f('pk_simulated_rule'))
    )


def downgrade() -> None:
    op.drop_table('simulated_rule')
    op.drop_index(op.f('ix_simulation_count_id'), table_name='simulation')
    op.drop_table('simulation')
