"""the roots of the full subtrees of each log, so that a proof reads a few of them and not every leaf"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    made = op.create_table('log_node',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['log.id'], name=op.f('fk_log_node_log_id_log')),
    sa.PrimaryKeyConstraint('log_id', 'level', 'place', name=op.f('pk_log_node')),
    sqlite_with_rowid=False
    )
    leaves = sa.table('log_leaf', sa.column('log_id'), sa.column('place'), sa.column('hash'))
    database = op.get_bind()
    for log_id in database.scalars(sa.select(leaves.c.log_id).distinct().order_by(leaves.c.log_id)).all():
        level, below = 0, database.scalars(sa.select(leaves.c.hash).where(leaves.c.log_id == log_id).order_by(leaves.c.place)).all()
        while len(below) > 1:
            level, below = level + 1, [_over(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            rows = [{'log_id': log_id, 'level': level, 'place': place, 'hash': root} for place, root in enumerate(below)]
            for start in range(0, len(rows), AT_ONCE):
                database.execute(made.insert(), rows[start:start + AT_ONCE])


def _over(left: str, right: str) -> str:
    """RFC 9162, section 2.1.1."""
    return hashlib.sha256(b'\x01' + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def downgrade() -> None:
    op.drop_table('log_node')
