namespace WebhookKit.Endpoints.Authorization;

/// <summary>Keeps the access token of one endpoint, and has it asked for once for all attempts that wait for it. Thread-safe.</summary>
internal sealed class AccessTokenSource(
    ClientCredentialsAuthorization client, Func<ClientCredentialsAuthorization, Task<AccessToken>> request, TimeProvider timeProvider)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private AccessToken? _token;
    private long _receivedAt;
    private Task<AccessToken>? _asking;

    public ClientCredentialsAuthorization Client => client;

    /// <summary>Gives a token that is not about to expire, or says why there is none.</summary>
    /// <param name="refused">The token that the endpoint has just refused: it is not given again.</param>
    /// <param name="cancellationToken">Stops waiting; who else waits is not disturbed.</param>
    public ValueTask<AccessToken> GetAsync(AccessToken? refused, CancellationToken cancellationToken)
    {
        Task<AccessToken> asking;
        lock (_gate)
        {
            if (_token is not null && !ReferenceEquals(_token, refused) && timeProvider.GetElapsedTime(_receivedAt) < _token.Lifetime - Margin(_token.Lifetime))
            {
                return ValueTask.FromResult(_token);
            }

            _token = null;
            asking = _asking ??= Task.Run(AskAsync, CancellationToken.None);
        }

        return new ValueTask<AccessToken>(asking.WaitAsync(cancellationToken));
    }

    private async Task<AccessToken> AskAsync()
    {
        var askedAt = timeProvider.GetTimestamp();
        AccessToken? token = null;
        try
        {
            return token = await request(client).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                // Counted from the question: the server began to count before its answer was here.
                _receivedAt = askedAt;
                _token = token?.Header is null ? null : token;
                _asking = null;
            }
        }
    }

    // Time for the request under way, and for clocks that differ.
    private static TimeSpan Margin(TimeSpan lifetime) => lifetime / 5 < LongestMargin ? lifetime / 5 : LongestMargin;
}
