namespace WebhookKit.Endpoints.Registry;

/// <summary>Reads stored secrets; whatever is asked for while one statement runs is asked for by the next, together.</summary>
internal sealed class SecretLoader(IEndpointRegistryStore store)
{
    private const int MaxEndpoints = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointId, TaskCompletionSource<EndpointSecrets?>> _waiting = [];
    private bool _isLoading;

    /// <returns>The secrets as they were stored after the call; null when the endpoint does not exist.</returns>
    public Task<EndpointSecrets?> LoadAsync(EndpointId id)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(id, out var waiting))
            {
                waiting = _waiting[id] = new TaskCompletionSource<EndpointSecrets?>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (!_isLoading)
            {
                _isLoading = true;
                _ = Task.Run(RunAsync);
            }

            return waiting.Task;
        }
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { Length: > 0 } batch)
        {
            try
            {
                var ids = Array.ConvertAll(batch, one => one.Key);
                var loaded = (await store.GetSecretsAsync(ids, CancellationToken.None).ConfigureAwait(false))
                    .ToDictionary(secrets => secrets.EndpointId);
                foreach (var (id, waiting) in batch)
                {
                    waiting.SetResult(loaded.GetValueOrDefault(id));
                }
            }
            catch (Exception exception)
            {
                foreach (var (_, waiting) in batch)
                {
                    // Nobody may wait any more: then nobody is to be told either.
                    waiting.TrySetException(exception);
                    _ = waiting.Task.Exception;
                }
            }
        }
    }

    private KeyValuePair<EndpointId, TaskCompletionSource<EndpointSecrets?>>[] TakeBatch()
    {
        lock (_gate)
        {
            var batch = _waiting.Take(MaxEndpoints).ToArray();
            foreach (var (id, _) in batch)
            {
                _waiting.Remove(id);
            }

            _isLoading = batch.Length > 0;
            return batch;
        }
    }
}
