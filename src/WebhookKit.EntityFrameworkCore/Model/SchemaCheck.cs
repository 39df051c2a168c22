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
    private static readonly TimeSpan SecondLookDelay = TimeSpan.FromSeconds(5);

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
        var isSecondLook = false;
        for (var delay = FirstDelay; ;)
        {
            await Task.Delay(delay, timeProvider, stoppingToken).ConfigureAwait(false);
            switch (await FindMissingAsync(stoppingToken).ConfigureAwait(false))
            {
                case null:
                    delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
                    break;
                case { Count: 0 }:
                    Log.DatabaseAnswers(logger, typeof(TContext).Name);
                    return;
                case var missing when isSecondLook:
                    Log.SchemaMissing(logger, Describe(missing));
                    lifetime.StopApplication();
                    return;
                default:
                    // A database that answers for the first time may just be getting its tables.
                    isSecondLook = true;
                    delay = SecondLookDelay;
                    break;
            }
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
