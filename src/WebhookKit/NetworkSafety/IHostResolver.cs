using System.Net;

namespace WebhookKit.NetworkSafety;

/// <summary>Finds the addresses of a host name; every one of them is classified before any is connected to.</summary>
public interface IHostResolver
{
    /// <summary>Resolves a name. Failure is an exception or an empty list, and fails the attempt.</summary>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
