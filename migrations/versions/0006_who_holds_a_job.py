"""who holds a job, and how far it is"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('job') as batch:
        batch.add_column(sa.Column('holder', sa.String(length=26), nullable=False, server_default=''))
        batch.add_column(sa.Column('progress', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    with op.batch_alter_table('job') as batch:
        batch.drop_column('progress')
        batch.drop_column('holder')
