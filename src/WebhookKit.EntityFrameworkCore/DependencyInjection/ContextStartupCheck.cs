using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Model;

namespace WebhookKit.EntityFrameworkCore.DependencyInjection;

/// <summary>Reports a context that is not registered, or whose model lacks the tables; asks no database.</summary>
internal sealed class ContextStartupCheck<TContext>(IServiceScopeFactory scopes) : IStartupCheck
    where TContext : DbContext
{
    public IEnumerable<string> GetErrors()
    {
        using var scope = scopes.CreateScope();
        var services = scope.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        var name = typeof(TContext).Name;
        if (!services.IsService(typeof(TContext)) && !services.IsService(typeof(IDbContextFactory<TContext>)))
        {
            yield return $"UseEntityFrameworkCore<{name}>() names a context that is not registered. "
                + $"Call services.AddDbContext<{name}>(options => …), or one of its pooled and factory forms.";
        }
        else if (!scope.ServiceProvider.GetRequiredService<ScopedContext<TContext>>().Value.Model.GetEntityTypes().Any(WebhooksModel.IsOurs))
        {
            yield return $"The model of '{name}' has no tables for webhooks. Call model.AddWebhooks() in its OnModelCreating.";
        }
    }
}
