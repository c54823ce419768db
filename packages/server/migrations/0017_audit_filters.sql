-- breaking: no
-- transaction: no
-- What was done to something, by somebody, or of one kind is found without reading the whole audit log of a tenant.
DROP INDEX CONCURRENTLY IF EXISTS audit_log_by_subject;
CREATE INDEX CONCURRENTLY audit_log_by_subject ON audit_log (tenant, subject, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS audit_log_by_action;
CREATE INDEX CONCURRENTLY audit_log_by_action ON audit_log (tenant, action, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS audit_log_by_owner;
CREATE INDEX CONCURRENTLY audit_log_by_owner ON audit_log (tenant, owner, id DESC);
