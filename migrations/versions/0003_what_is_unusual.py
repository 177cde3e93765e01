"""what is unusual"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roll_tally',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('about', sa.String(length=254), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint("what IN ('asked', 'proved', 'network', 'wrong')", name=op.f('ck_roll_tally_known_request')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_roll_tally_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', 'day', 'what', 'about', name=op.f('pk_roll_tally'))
    )


def downgrade() -> None:
    op.drop_table('roll_tally')
