using Microsoft.Extensions.Options;
using WebhookKit.DependencyInjection;

namespace WebhookKit.InMemory;

/// <summary>Reports bounds that would let nothing in.</summary>
internal sealed class InMemoryStoreStartupCheck(IOptions<InMemoryStoreOptions> options) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        var (maxMessages, maxClaims) = (options.Value.MaxMessages, options.Value.MaxClaims);
        if (maxMessages < 1)
        {
            yield return $"InMemoryStoreOptions.MaxMessages is {maxMessages}. Set it to at least 1.";
        }

        if (maxClaims < 1)
        {
            yield return $"InMemoryStoreOptions.MaxClaims is {maxClaims}. Set it to at least 1.";
        }
    }
}
