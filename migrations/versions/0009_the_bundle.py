"""the bundle"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('election_bundle',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_election_bundle_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_election_bundle'))
    )
    with op.batch_alter_table('box_opening', schema=None) as batch_op:
        batch_op.add_column(sa.Column('commitment', sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('box_opening', schema=None) as batch_op:
        batch_op.drop_column('commitment')

    op.drop_table('election_bundle')
