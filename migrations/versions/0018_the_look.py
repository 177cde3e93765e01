"""the city's own look: name, colour and sign"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('site_look',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=False),
    sa.Column('sign_hash', sa.String(length=64), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_site_look_one_look')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_look'))
    )
    op.create_table('site_sign',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_site_sign'))
    )


def downgrade() -> None:
    op.drop_table('site_sign')
    op.drop_table('site_look')
