namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Fills tables of PostgreSQL with many rows at once.</summary>
internal static class Filling
{
    /// <summary>Fills in messages, each with one delivery that succeeded at the first attempt, and a copy of each in the inbox.</summary>
    public static Task FillAsync(PostgresHarness store, int rows, int daysAgo, string? tenantId = null) => store.ExecuteAsync(
        $"""
        CREATE TEMP TABLE filled ON COMMIT DROP AS
        SELECT (lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid AS id, made
        FROM (SELECT i, now() - interval '{daysAgo} days' + i * interval '1 millisecond' AS made FROM generate_series(1, {rows}) i) numbered;
        INSERT INTO webhook_messages (id, tenant_id, event_type, content_type, payload, occurred_at, origin)
        SELECT id, nullif('{tenantId}', ''), 'order.paid', 'application/json', '', made, 0 FROM filled;
        INSERT INTO webhook_deliveries (id, message_id, endpoint_id, status, reason, due_at, leases, attempts, is_retry, sequence)
        SELECT id, id, '01900000-0000-8000-8000-000000000001', 1, 0, made + interval '1 second', 0, 1, true, 0 FROM filled;
        INSERT INTO webhook_attempts (id, delivery_id, number, started_at, duration, outcome, status_code, response, is_late)
        SELECT id, id, 1, made, 1000, 1, 200, '', false FROM filled;
        INSERT INTO webhook_inbox (source, tenant_id, key, event_type, payload, memory, position, status, due_at, attempts, leases)
        SELECT 'shop', '{tenantId}', id::text, 'order.paid', '', 0, 0, 1, made, 0, 0 FROM filled;
        """);
}
