using WebhookKit.EntityFrameworkCore.Tests.Publishing;

namespace WebhookKit.EntityFrameworkCore.Tests.Idempotency;

public sealed class SqliteHandlerTransactionCommitTests : HandlerTransactionCommitSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

public sealed class PostgresHandlerTransactionCommitTests : HandlerTransactionCommitSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}
