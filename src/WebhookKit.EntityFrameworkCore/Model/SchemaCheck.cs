using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.EntityFrameworkCore.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Compares the database with the model when it first answers; a missing table or column stops the host.</summary>
internal sealed class SchemaCheck<TContext>(
    IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider timeProvider, ILogger<SchemaCheck<TContext>> logger)
    : BackgroundService
    where TContext : DbContext
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        switch (await FindMissingAsync(cancellationToken).ConfigureAwait(false))
        {
            case null:
                Log.DatabaseUnreachable(logger, typeof(TContext).Name);
                await base.StartAsync(cancellationToken).ConfigureAwait(false);
                break;
            case { Count: > 0 } missing:
                throw new WebhookConfigurationException([Describe(missing)]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<string>? missing = null;
        for (var delay = FirstDelay; missing is null; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            await Task.Delay(delay, timeProvider, stoppingToken).ConfigureAwait(false);
            missing = await FindMissingAsync(stoppingToken).ConfigureAwait(false);
        }

        if (missing.Count > 0)
        {
            Log.SchemaMissing(logger, Describe(missing));
            lifetime.StopApplication();
        }
        else
        {
            Log.DatabaseAnswers(logger, typeof(TContext).Name);
        }
    }

    private async Task<IReadOnlyList<string>?> FindMissingAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = scope.ServiceProvider.GetRequiredService<ScopedContext<TContext>>().Value;
            return await SchemaComparison.FindMissingAsync(context, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Describe(IEnumerable<string> missing) =>
        $"The database of '{typeof(TContext).Name}' lacks {string.Join("; ", missing)}. Add a migration and apply it: "
        + "'dotnet ef migrations add Webhooks', then 'dotnet ef database update'; on a new database Database.EnsureCreated() "
        + "is enough. Do so before the host starts.";
}
