using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.Sources;

namespace WebhookKit.DependencyInjection;

/// <summary>Reports sources that cannot verify, data types that cannot be read, and a receiver without a store.</summary>
internal sealed class ReceiverStartupCheck(
    SourceRegistry sources,
    IEnumerable<SourceDeclaration> declarations,
    IOptions<WebhooksOptions> options,
    IServiceProviderIsService services) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        foreach (var error in sources.Snapshot.Errors)
        {
            yield return error;
        }

        if (!services.IsService(typeof(IHandlerTransaction)))
        {
            yield return "AddReceiver needs a store for its claims: call .UseEntityFrameworkCore<TContext>() or .UseInMemoryStore().";
        }

        if (services.IsService(typeof(IHandlerTransaction)) && !services.IsService(typeof(IInboxStore)))
        {
            foreach (var source in sources.Snapshot.Sources.Where(source => source.HasInbox).DistinctBy(source => source.Name))
            {
                yield return $"The source '{source.Name}' uses an inbox, which the store has not: remove UseInbox(), or choose "
                    + ".UseEntityFrameworkCore<TContext>() or .UseInMemoryStore().";
            }
        }

        var dataTypes = declarations.SelectMany(declaration => declaration.Handlers).Select(handler => handler.DataType).OfType<Type>();
        foreach (var type in dataTypes.Distinct().Where(type => !options.Value.JsonSerializerOptions.TryGetTypeInfo(type, out _)))
        {
            yield return $"The data type '{type}' of a handler has no JSON contract. Add a source-generated context with "
                + $"[JsonSerializable(typeof({type.Name}))] to AddWebhooks(o => o.JsonSerializerOptions.TypeInfoResolverChain).";
        }
    }
}
