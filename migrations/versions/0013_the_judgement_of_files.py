"""the judgement of files"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = "0012"
branch_labels = None
depends_on = None

OUTCOMES = (
    "outcome IN ('incomplete', 'admissible', 'inadmissible', 'under_review', 'eligible', 'ineligible', 'redirected', 'merged')"
)
REASONS = "outcome NOT IN ('inadmissible', 'ineligible', 'redirected') OR reason <> ''"
STATES = (
    "decided_state IS NULL OR decided_state IN ('draft', 'submitted', 'incomplete', 'completed', 'admissible', 'inadmissible', "
    "'under_review', 'eligible', 'ineligible', 'merged', 'withdrawn', 'redirected', 'on_ballot', 'leading', 'reserve', 'not_selected', "
    "'awarded', 'refused_by_council', 'agreement_sent', 'agreement_signed', 'paid_part', 'in_delivery', 'report_due', 'closed', "
    "'cancelled', 'recovered')"
)


def upgrade() -> None:
    op.create_table('assignment',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['given_by_id'], ['account.id'], name=op.f('fk_assignment_given_by_id_account')),
    sa.ForeignKeyConstraint(['officer_id'], ['account.id'], name=op.f('fk_assignment_officer_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_assignment_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_officer_id'), ['officer_id'], unique=False)

    op.create_table('carrier_answer',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_carrier_answer_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['written_by_id'], ['account.id'], name=op.f('fk_carrier_answer_written_by_id_account')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_carrier_answer'))
    )
    op.create_table('diligence_check',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=30), nullable=False),
    sa.Column('found', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("found = 'fine' OR note <> ''", name=op.f('ck_diligence_check_other_findings_have_a_note')),
    sa.CheckConstraint("found IN ('fine', 'not_needed', 'concern')", name=op.f('ck_diligence_check_known_finding')),
    sa.ForeignKeyConstraint(['done_by_id'], ['account.id'], name=op.f('fk_diligence_check_done_by_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_diligence_check_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'item', name=op.f('pk_diligence_check'))
    )
    op.create_table('merge_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=4000), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('over_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('source_id <> target_id', name=op.f('ck_merge_request_two_files')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_merge_request_asked_by_id_account')),
    sa.ForeignKeyConstraint(['source_id'], ['proposal.id'], name=op.f('fk_merge_request_source_id_proposal')),
    sa.ForeignKeyConstraint(['target_id'], ['proposal.id'], name=op.f('fk_merge_request_target_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_request')),
    sa.UniqueConstraint('public_id', name=op.f('uq_merge_request_public_id'))
    )
    with op.batch_alter_table('merge_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_request_source_id'), ['source_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_request_target_id'), ['target_id'], unique=False)

    op.create_table('veto',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=4000), nullable=False),
    sa.Column('on_ballot', sa.Boolean(), nullable=False),
    sa.Column('vetoed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("ground IN ('carrier_dissolved', 'legal_prohibition', 'fraud_proven', 'carrier_withdraws', 'partner_gone')", name=op.f('ck_veto_known_ground')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_veto_veto_has_reason')),
    sa.CheckConstraint('proposed_by_id <> confirmed_by_id', name=op.f('ck_veto_two_people')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_veto_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_veto_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['account.id'], name=op.f('fk_veto_proposed_by_id_account')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_veto'))
    )
    op.create_table('completion_request',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('revisions', sa.JSON(), nullable=False),
    sa.Column('documents', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_completion_request_decision_id_decision')),
    sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_completion_request'))
    )
    op.create_table('merge_consent',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('agrees', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_merge_consent_answered_by_id_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_merge_consent_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['request_id'], ['merge_request.id'], name=op.f('fk_merge_consent_request_id_merge_request')),
    sa.PrimaryKeyConstraint('request_id', 'organisation_id', name=op.f('pk_merge_consent'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_decision_merged_into_id_proposal'), 'proposal', ['merged_into_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_decision_known_outcome'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_decision_refusal_has_reason'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_decision_known_outcome'), OUTCOMES)
        batch_op.create_check_constraint(batch_op.f('ck_decision_refusal_has_reason'), REASONS)
        batch_op.create_check_constraint(batch_op.f('ck_decision_merge_has_target'), "(outcome = 'merged') = (merged_into_id IS NOT NULL)")
    op.execute("UPDATE decision SET told_at = decided_at")

    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('review_step', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('decisions_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decided_state', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_proposal_known_decided_state'), STATES)
        batch_op.create_check_constraint(batch_op.f('ck_proposal_decided_is_shown_one_day'), '(decided_state IS NULL) = (shown_at IS NULL)')

    with op.batch_alter_table('transition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    later = "SELECT id FROM decision WHERE outcome NOT IN ('incomplete', 'admissible', 'inadmissible')"
    op.execute(f"DELETE FROM rule_verdict WHERE decision_id IN ({later})")
    op.execute(f"DELETE FROM decision WHERE id IN ({later})")
    with op.batch_alter_table('transition', schema=None) as batch_op:
        batch_op.drop_column('shown_at')

    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_proposal_decided_is_shown_one_day'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_proposal_known_decided_state'), type_='check')
        batch_op.drop_column('shown_at')
        batch_op.drop_column('decided_state')

    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_column('decisions_at')
        batch_op.drop_column('review_step')

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_decision_merge_has_target'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_decision_refusal_has_reason'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_decision_known_outcome'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_decision_refusal_has_reason'), "outcome <> 'inadmissible' OR reason <> ''")
        batch_op.create_check_constraint(
            batch_op.f('ck_decision_known_outcome'), "outcome IN ('incomplete', 'admissible', 'inadmissible')"
        )
        batch_op.drop_constraint(batch_op.f('fk_decision_merged_into_id_proposal'), type_='foreignkey')
        batch_op.drop_column('told_at')
        batch_op.drop_column('shown_at')
        batch_op.drop_column('merged_into_id')

    op.drop_table('merge_consent')
    op.drop_table('completion_request')
    op.drop_table('veto')
    with op.batch_alter_table('merge_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merge_request_target_id'))
        batch_op.drop_index(batch_op.f('ix_merge_request_source_id'))

    op.drop_table('merge_request')
    op.drop_table('diligence_check')
    op.drop_table('carrier_answer')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_officer_id'))

    op.drop_table('assignment')
