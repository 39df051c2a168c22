using System.Collections.Concurrent;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>Lets one copy of an event at a time into this process's handlers; the others wait here, not in the database.</summary>
/// <remarks>
/// Between processes the claim's primary key decides. Within one, waiting here keeps a second copy from holding a
/// connection, and on SQLite from standing in line for the one write lock that unrelated events need too.
/// </remarks>
internal sealed class ClaimGate
{
    private readonly ConcurrentDictionary<(string Source, string? TenantId, string Key), TaskCompletionSource> _inside = new();

    public async ValueTask<bool> TryEnterAsync(WebhookClaim claim, TimeSpan patience, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waitingSince = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var inside = _inside.GetOrAdd((claim.Source, claim.TenantId, claim.Key), mine);
            if (inside == mine)
            {
                return true;
            }

            var left = patience - TimeProvider.System.GetElapsedTime(waitingSince);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await inside.Task.WaitAsync(left, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    public void Leave(WebhookClaim claim)
    {
        if (_inside.TryRemove((claim.Source, claim.TenantId, claim.Key), out var inside))
        {
            inside.SetResult();
        }
    }
}
