"""the jury, letters and appeals"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('appeal_terms',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('signatory', sa.String(length=150), nullable=False),
    sa.Column('signatory_title', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('court', sa.String(length=300), nullable=False),
    sa.Column('court_months', sa.Integer(), nullable=False),
    sa.CheckConstraint('answer_days BETWEEN 1 AND 365', name=op.f('ck_appeal_terms_answer_in_reason')),
    sa.CheckConstraint('court_months BETWEEN 1 AND 12', name=op.f('ck_appeal_terms_months_in_reason')),
    sa.CheckConstraint('days BETWEEN 1 AND 365', name=op.f('ck_appeal_terms_days_in_reason')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_appeal_terms_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_appeal_terms'))
    )
    op.create_table('juror',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('chair', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_juror_account_id_account')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_juror_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', 'account_id', name=op.f('pk_juror'))
    )
    op.create_table('jury_minutes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_jury_minutes_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_jury_minutes_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jury_minutes')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_jury_minutes_edition_id_number'))
    )
    op.create_table('jury_panel',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('scale', sa.Integer(), nullable=False),
    sa.Column('quorum', sa.Integer(), nullable=False),
    sa.Column('fallback', sa.String(length=10), nullable=False),
    sa.Column('alert', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("fallback IN ('officers', 'fewer')", name=op.f('ck_jury_panel_known_fallback')),
    sa.CheckConstraint('alert >= 1', name=op.f('ck_jury_panel_alert_of_one')),
    sa.CheckConstraint('quorum >= 1', name=op.f('ck_jury_panel_quorum_of_one')),
    sa.CheckConstraint('scale BETWEEN 1 AND 20', name=op.f('ck_jury_panel_scale_in_reason')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_jury_panel_edition_id_edition')),
    sa.ForeignKeyConstraint(['set_by_id'], ['account.id'], name=op.f('fk_jury_panel_set_by_id_account')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_jury_panel'))
    )
    op.create_table('jury_finding',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('stance', sa.String(length=20), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('mean_top', sa.Integer(), nullable=True),
    sa.Column('mean_bottom', sa.Integer(), nullable=True),
    sa.Column('scale', sa.Integer(), nullable=False),
    sa.Column('opinions', sa.Integer(), nullable=False),
    sa.Column('recused', sa.Integer(), nullable=False),
    sa.Column('disputed', sa.Integer(), nullable=False),
    sa.CheckConstraint("stance IN ('favourable', 'reserved', 'unfavourable')", name=op.f('ck_jury_finding_known_stance')),
    sa.CheckConstraint('(mean_top IS NULL) = (mean_bottom IS NULL)', name=op.f('ck_jury_finding_whole_fraction')),
    sa.CheckConstraint('mean_bottom IS NULL OR mean_bottom > 0', name=op.f('ck_jury_finding_real_fraction')),
    sa.ForeignKeyConstraint(['minutes_id'], ['jury_minutes.id'], name=op.f('fk_jury_finding_minutes_id_jury_minutes')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_jury_finding_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_jury_finding'))
    )
    with op.batch_alter_table('jury_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jury_finding_minutes_id'), ['minutes_id'], unique=False)

    op.create_table('jury_opinion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('comments', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("number = 1 OR (reason <> '' AND given_at IS NOT NULL)", name=op.f('ck_jury_opinion_correction_has_reason')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_jury_opinion_numbered_from_one')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_jury_opinion_account_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_jury_opinion_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jury_opinion')),
    sa.UniqueConstraint('proposal_id', 'account_id', 'number', name=op.f('uq_jury_opinion_proposal_id_account_id_number'))
    )
    with op.batch_alter_table('jury_opinion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jury_opinion_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=30), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=False),
    sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_letter_decided_by_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_letter_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('public_id', name=op.f('uq_letter_public_id'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('panel_opinion',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('stance', sa.String(length=20), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("stance IN ('favourable', 'reserved', 'unfavourable')", name=op.f('ck_panel_opinion_known_stance')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_panel_opinion_opinion_has_words')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_panel_opinion_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['written_by_id'], ['account.id'], name=op.f('fk_panel_opinion_written_by_id_account')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_panel_opinion'))
    )
    op.create_table('recusal',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('tie', sa.String(length=10), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("tie IN ('member', 'family', 'money', 'partner', 'other', 'absent')", name=op.f('ck_recusal_known_tie')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recusal_account_id_account')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_recusal_by_id_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_recusal_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'account_id', name=op.f('pk_recusal'))
    )
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('against_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('text', sa.String(length=8000), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('motive', sa.String(length=4000), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("channel IN ('online', 'paper')", name=op.f('ck_appeal_known_channel')),
    sa.CheckConstraint("filed_at IS NULL OR (text <> '' AND due_at IS NOT NULL)", name=op.f('ck_appeal_filed_has_words_and_date')),
    sa.CheckConstraint("outcome IS NULL OR (motive <> '' AND decided_at IS NOT NULL AND decided_by_id IS NOT NULL)", name=op.f('ck_appeal_outcome_has_motive')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('upheld', 'rejected')", name=op.f('ck_appeal_known_outcome')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> against_id', name=op.f('ck_appeal_decided_by_another')),
    sa.CheckConstraint('outcome IS NULL OR filed_at IS NOT NULL', name=op.f('ck_appeal_decided_after_filing')),
    sa.ForeignKeyConstraint(['against_id'], ['account.id'], name=op.f('fk_appeal_against_id_account')),
    sa.ForeignKeyConstraint(['answer_id'], ['letter.id'], name=op.f('fk_appeal_answer_id_letter')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_appeal_decided_by_id_account')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_appeal_letter_id_letter')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_appeal_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['account.id'], name=op.f('fk_appeal_saved_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('letter_id', name=op.f('uq_appeal_letter_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_appeal_public_id'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('appeal_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=150), nullable=False),
    sa.Column('media_type', sa.String(length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_appeal_document_not_empty')),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_appeal_document_added_by_id_account')),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_document_appeal_id_appeal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_document')),
    sa.UniqueConstraint('public_id', name=op.f('uq_appeal_document_public_id'))
    )
    with op.batch_alter_table('appeal_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_document_appeal_id'), ['appeal_id'], unique=False)

    op.create_table('appeal_document_content',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['appeal_document.id'], name=op.f('fk_appeal_document_content_document_id_appeal_document')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_appeal_document_content'))
    )


def downgrade() -> None:
    op.drop_table('appeal_document_content')
    with op.batch_alter_table('appeal_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_document_appeal_id'))

    op.drop_table('appeal_document')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_proposal_id'))

    op.drop_table('appeal')
    op.drop_table('recusal')
    op.drop_table('panel_opinion')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_proposal_id'))

    op.drop_table('letter')
    with op.batch_alter_table('jury_opinion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jury_opinion_proposal_id'))

    op.drop_table('jury_opinion')
    with op.batch_alter_table('jury_finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jury_finding_minutes_id'))

    op.drop_table('jury_finding')
    op.drop_table('jury_panel')
    op.drop_table('jury_minutes')
    op.drop_table('juror')
    op.drop_table('appeal_terms')
