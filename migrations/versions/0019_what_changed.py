"""one number that grows with every change that a public page could show"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('change_counter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_change_counter_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_counter'))
    )


def downgrade() -> None:
    op.drop_table('change_counter')
