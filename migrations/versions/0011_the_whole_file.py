"""the whole file: its pages of one subject each, costs in other currencies, files started from an earlier one"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = (('need', 4000), ('origin', 2000), ('public_place', 150), ('objectives', 2000), ('feedback_place', 150))
LISTS = ('sdg_targets', 'risks')
TABLES = ('marker_reasons', 'beneficiary_groups')


def upgrade() -> None:
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        for name, length in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=''))
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default='[]'))
        for name in TABLES:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('place_guarded', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('feedback_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('copied_from_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_proposal_copied_from_id_proposal'), 'proposal', ['copied_from_id'], ['id'])
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('currency', sa.String(length=3), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('foreign_millis', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('rate', sa.String(length=24), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('rate_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('rate_source', sa.String(length=120), nullable=False, server_default=''))
        batch_op.create_check_constraint(batch_op.f('ck_budget_line_currency_with_its_amount'), "(currency = '') = (foreign_millis IS NULL)")
    _rewrite(lambda rows: [row if isinstance(row, dict) else {'label': row, 'month': None, 'months': None} for row in rows])


def downgrade() -> None:
    _rewrite(lambda rows: [row['label'] if isinstance(row, dict) else row for row in rows])
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_budget_line_currency_with_its_amount'), type_='check')
        for name in ('rate_source', 'rate_on', 'rate', 'foreign_millis', 'currency'):
            batch_op.drop_column(name)
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_proposal_copied_from_id_proposal'), type_='foreignkey')
        for name in ('copied_from_id', 'feedback_on', 'place_guarded', *TABLES, *LISTS, *(name for name, _ in TEXTS)):
            batch_op.drop_column(name)


def _rewrite(change) -> None:
    """Activities were lines of text; each is now a row with its months."""
    proposal = sa.table('proposal', sa.column('id', sa.Integer()), sa.column('activities', sa.JSON()))
    rows = op.get_bind().execute(sa.select(proposal.c.id, proposal.c.activities)).all()
    for number, activities in rows:
        if activities:
            op.get_bind().execute(sa.update(proposal).where(proposal.c.id == number).values(activities=change(activities)))
