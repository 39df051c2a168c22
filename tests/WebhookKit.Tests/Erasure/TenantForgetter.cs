using WebhookKit.Erasure;

namespace WebhookKit.Tests.Erasure;

/// <summary>What a host writes, for the documentation.</summary>
internal static class TenantForgetter
{
    #region erasure
    public static async Task ForgetAsync(IWebhookErasure erasure, MessageId message, string tenant, CancellationToken stop)
    {
        await erasure.EraseMessageAsync(message, stop);

        var progress = new Progress<ErasureProgress>(done => Console.WriteLine($"{done.Messages} messages erased"));
        await erasure.EraseTenantAsync(tenant, progress, stop);
    }
    #endregion
}
