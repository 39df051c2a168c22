using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public sealed class SqliteCaptureTests : CaptureSuite
{
    protected override CaptureDatabase CreateDatabase() => new SqliteFile();
}

public sealed class SqliteDeferredCaptureTests : DeferredCaptureSuite
{
    protected override CaptureDatabase CreateDatabase() => new SqliteFile();
}

public sealed class SqliteEntityCaptureTests : EntityCaptureSuite
{
    protected override CaptureDatabase CreateDatabase() => new SqliteFile();
}

internal sealed class SqliteFile : CaptureDatabase
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"webhookkit-{Guid.NewGuid():N}.db");

    public override void Configure(DbContextOptionsBuilder options) => options.UseSqlite($"Data Source={_file};Pooling=False");

    public override ValueTask DisposeAsync()
    {
        File.Delete(_file);
        return ValueTask.CompletedTask;
    }
}
