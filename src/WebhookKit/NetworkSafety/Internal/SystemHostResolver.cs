using System.Net;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Asks the operating system.</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
}
