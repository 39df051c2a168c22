using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.EntityFrameworkCore.Tests.Model;

public sealed class SchemaCheckTests : IAsyncDisposable
{
    private readonly SqliteFile _database = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedEvents _events = new();
    private readonly Closings _closings = new();
    private readonly IHost _host;

    public SchemaCheckTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Logging.AddProvider(_events);
        builder.Services.AddDbContext<ShopContext>(options =>
        {
            _database.Configure(options);
            options.AddInterceptors(_closings);
        });
        builder.Services.AddWebhooks().UseEntityFrameworkCore<ShopContext>();
        _host = builder.Build();
    }

    [Fact]
    public async Task Start_SchemaIsComplete_Starts()
    {
        await UseAsync(db => db.Database.EnsureCreatedAsync());
        await _host.StartAsync();
        Assert.DoesNotContain("DatabaseUnreachable", _events.Names);
    }

    [Theory]
    [InlineData("ALTER TABLE webhook_messages DROP COLUMN trace_parent", "trace_parent")]
    [InlineData("DROP TABLE webhook_claims", "webhook_claims")]
    public async Task Start_SomethingIsMissing_FailsAndNamesTheMigration(string damage, string named)
    {
        await UseAsync(db => db.Database.EnsureCreatedAsync());
        await UseAsync(db => db.Database.ExecuteSqlRawAsync(damage));

        var error = Assert.Single((await Assert.ThrowsAsync<WebhookConfigurationException>(() => _host.StartAsync())).Errors);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Contains("dotnet ef migrations add Webhooks", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseAnswersLater_IsLoggedOnceAndChecked()
    {
        await _host.StartAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await UseAsync(db => db.Database.EnsureCreatedAsync());
        await AdvanceUntilAsync(() => _events.Names.Contains("DatabaseAnswers"));

        Assert.Single(_events.Names, name => name == "DatabaseUnreachable");
        Assert.False(_host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Start_DatabaseAnswersLaterWithoutTheTables_StopsTheHost()
    {
        await _host.StartAsync();
        await UseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TABLE other (id INTEGER)"));
        var stopping = _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await AdvanceUntilAsync(() => stopping.IsCancellationRequested);

        Assert.Contains("SchemaMissing", _events.Names);
    }

    [Fact]
    public async Task Start_TablesComeBetweenTheFirstLookAndTheSecond_GoesOn()
    {
        var tables = 0;
        await UseAsync(db =>
        {
            tables = db.Model.GetEntityTypes().Count(type => type.GetTableName()!.StartsWith("webhook_", StringComparison.Ordinal));
            return Task.CompletedTask;
        });
        Assert.NotEqual(0, tables);
        await _host.StartAsync();
        Assert.Equal(0, _closings.Count);
        await UseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TABLE other (id INTEGER)"));

        // A look closes its connection once for each table.
        var before = _closings.Count;
        await AdvanceUntilAsync(() => _closings.Count - before >= tables);
        await UseAsync(db => db.GetService<IRelationalDatabaseCreator>().CreateTablesAsync());
        await AdvanceUntilAsync(() => _events.Names.Contains("DatabaseAnswers"));

        Assert.DoesNotContain("SchemaMissing", _events.Names);
        Assert.False(_host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _database.DisposeAsync();
    }

    private async Task UseAsync(Func<ShopContext, Task> use)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    private async Task AdvanceUntilAsync(Func<bool> isDone)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!isDone())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }

    private sealed class Closings : DbConnectionInterceptor
    {
        private int _count;

        public int Count => _count;

        public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
        {
            Interlocked.Increment(ref _count);
            return Task.CompletedTask;
        }
    }

    private sealed class RecordedEvents : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Names { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Names.Enqueue(eventId.Name ?? "");

        public void Dispose()
        {
        }
    }
}
