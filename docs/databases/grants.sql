-- Two users for MariaDB or MySQL, so that the serving process cannot rewrite the audit trail. The serving user has neither DROP,
-- which TRUNCATE needs, nor TRIGGER.
-- packages/server/test/long/mariadb/grants.test.ts runs this file.
--
-- 1. As the database's administrator: create the database `hallpass`, and `hallpass_owner`, which owns its tables.
CREATE USER 'hallpass_owner'@'%' IDENTIFIED BY 'a password';
GRANT ALL ON hallpass.* TO 'hallpass_owner'@'%';

-- 2. As the owner, in DATABASE_URL: `cli.js migrate`, now and with each new version.

-- 3. As the administrator: create `hallpass`, for serving and all other commands. Grant new tables of a later version, too.
CREATE USER 'hallpass'@'%' IDENTIFIED BY 'a password';
GRANT SELECT ON hallpass.* TO 'hallpass'@'%';
-- Never changed once written.
GRANT INSERT ON hallpass.audit_record TO 'hallpass'@'%';
-- No write access to audit_archive: only the owner can archive records, with `cli.js audit archive`.
GRANT INSERT, UPDATE ON hallpass.audit_head TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.account TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.account_policy TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.account_module TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.api_token TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.api_token_access TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.api_token_event TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.api_token_icon TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.api_token_module TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.api_token_search TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.api_token_secret TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.database_history TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.default_view TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.email TO 'hallpass'@'%';
GRANT INSERT ON hallpass.encryption_key TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.idempotency_key TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.lease TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.membership TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.module TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.saved_view TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.session TO 'hallpass'@'%';
GRANT INSERT, UPDATE ON hallpass.token_notice TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.token_usage TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.user TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.webhook TO 'hallpass'@'%';
GRANT INSERT, UPDATE, DELETE ON hallpass.webhook_delivery TO 'hallpass'@'%';
