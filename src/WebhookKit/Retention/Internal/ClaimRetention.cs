using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebhookKit.Idempotency;

namespace WebhookKit.Retention.Internal;

/// <summary>Deletes claims whose memory has passed; in core, so that a host that only receives has it too.</summary>
internal sealed class ClaimRetention(IOptions<WebhooksOptions> options, IClaimStore? claims = null) : IRetentionStep
{
    public string Name => "claims";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batchSize = options.Value.Retention.BatchSize;
        var deleted = 0;
        do
        {
            deleted = claims is null ? 0 : await claims.DeleteExpiredAsync(batchSize, cancellationToken).ConfigureAwait(false);
            yield return deleted;
        }
        while (deleted > 0);
    }
}
