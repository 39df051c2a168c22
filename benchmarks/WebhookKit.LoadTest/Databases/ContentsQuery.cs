using System.Data.Common;
using WebhookKit.Deliveries;

namespace WebhookKit.LoadTest.Databases;

internal static class ContentsQuery
{
    public static string Sql { get; } = $"""
        SELECT
          (SELECT count(*) FROM webhook_outbox),
          (SELECT count(*) FROM webhook_deliveries),
          (SELECT count(*) FROM webhook_deliveries WHERE status = {(int)DeliveryStatus.Succeeded}),
          (SELECT count(*) FROM webhook_deliveries WHERE lease_id IS NOT NULL),
          (SELECT count(*) FROM webhook_attempts),
          (SELECT count(*) FROM webhook_attempts WHERE outcome = {(int)AttemptOutcome.Succeeded})
        """;

    public static async Task<Contents> ReadAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Contents(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
    }
}
