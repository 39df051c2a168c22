using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookKit.EntityFrameworkCore.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Secrets;
using WebhookKit.StoreConformance;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The EF Core stores of one process on a database.</summary>
internal abstract class EntityFrameworkHarness : StoreHarness
{
    private readonly ServiceProvider _services;

    protected EntityFrameworkHarness(Action<DbContextOptionsBuilder> configure, Dialect? dialect)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddWebhooks();
        services.AddSingleton<ISecretProtector, ReversingProtector>();
        services.AddDbContext<StoreContext>(configure);
        EntityFrameworkStores.AddStores<StoreContext>(services);
        services.AddSingleton(new DialectChoice { Dialect = dialect });
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public override IServiceProvider Services => _services;

    public override Task AdvanceAsync(TimeSpan by)
    {
        _services.GetRequiredService<DatabaseClock>().Offset += by;
        return Task.CompletedTask;
    }

    public override async Task CaptureAsync(IReadOnlyList<WebhookMessage> messages)
    {
        await using var scope = _services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<StoreContext>();
        context.AddRange(messages.Select(MessageEntity.From));
        context.AddRange(messages.Select(OutboxEntity.From));
        await context.SaveChangesAsync();
    }

    public override Task RecordEffectAsync(IServiceProvider scope, string text)
    {
        scope.GetRequiredService<StoreContext>().Effects.Add(new Effect { Text = text });
        return Task.CompletedTask;
    }

    public override async Task<int> CountEffectsAsync()
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StoreContext>().Effects.CountAsync();
    }

    public override ValueTask DisposeAsync() => _services.DisposeAsync();

    protected async Task UseAsync(Func<StoreContext, Task> use)
    {
        await using var scope = _services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<StoreContext>());
    }

    internal sealed class StoreContext(DbContextOptions<StoreContext> options) : DbContext(options)
    {
        public DbSet<Effect> Effects => Set<Effect>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }

    internal sealed class Effect
    {
        public int Id { get; set; }

        public required string Text { get; set; }
    }
}
