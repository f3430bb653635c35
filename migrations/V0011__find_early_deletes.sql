-- Word of a delete that came before the record itself, found again when the record comes after all.

CREATE INDEX inbox_early_delete ON inbox (tenant_id, store_id, body_sha256) WHERE reason = 'never_held';
