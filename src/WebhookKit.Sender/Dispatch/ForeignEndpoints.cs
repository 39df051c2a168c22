using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints;

namespace WebhookKit.Dispatch;

/// <summary>Leaves to other nodes what this one could not sign: while versions run side by side, the newer one's endpoints. Thread-safe.</summary>
internal sealed class ForeignEndpoints(EndpointSigners signers, ILogger logger)
{
    private readonly ConcurrentDictionary<EndpointId, bool> _told = new();

    public bool Contains(EndpointId id)
    {
        // The secrets of an endpoint of the registry are stored, where every node finds them.
        if (!id.IsDeclared || signers.Find(id) is not null)
        {
            return false;
        }

        if (_told.TryAdd(id, true))
        {
            logger.EndpointLeftToOthers(id);
        }

        return true;
    }
}
