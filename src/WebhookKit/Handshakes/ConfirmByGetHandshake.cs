namespace WebhookKit.Handshakes;

/// <summary>Confirms by calling a URL that the question names.</summary>
/// <remarks>
/// The URL is what an attacker would change: it is looked at only once the question is verified, must be one of the
/// provider's own hosts, and is called through the guarded client, without following redirects.
/// </remarks>
public sealed class ConfirmByGetHandshake : Handshake
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Where the URL is.</summary>
    public required RequestField Url { get; init; }

    /// <summary>Says whether a host, in lower case and ASCII, is the provider's.</summary>
    public required Func<string, bool> IsProviderHost { get; init; }

    /// <inheritdoc/>
    protected override async ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken)
    {
        if (FindUrl(context) is not { } url)
        {
            return HandshakeResult.Refused(HandshakeStatus.UrlNotAllowed);
        }

        if (context.Client is null)
        {
            return HandshakeResult.Refused(HandshakeStatus.NotConfigured);
        }

        return await IsConfirmedAsync(context.Client, url, cancellationToken).ConfigureAwait(false)
            ? HandshakeResult.Answered(HandshakeResponse.Empty(200))
            : HandshakeResult.Refused(HandshakeStatus.ConfirmationFailed);
    }

    private static async Task<bool> IsConfirmedAsync(HttpMessageInvoker client, Uri url, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        try
        {
            using var response = await client.SendAsync(request, deadline.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private Uri? FindUrl(HandshakeContext context)
    {
        var result = NetworkSafety.EndpointUrl.Validate(Url.Read(context), NetworkSafety.NetworkPolicy.Default);
        return result.Url is { } url && IsProviderHost(url.IdnHost.ToLowerInvariant()) ? url : null;
    }
}
