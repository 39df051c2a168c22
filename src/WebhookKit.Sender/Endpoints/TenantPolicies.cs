using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Endpoints;

/// <summary>Asks the host for the policies of tenants; while it throws, what it said last of a tenant holds. Thread-safe.</summary>
internal sealed class TenantPolicies(ILogger<TenantPolicies> logger, TenantPolicySource? source = null)
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly Answer _withoutTenant = new();

    /// <summary>Finds the tenant's policy; null where it has none.</summary>
    /// <param name="tenantId">The tenant, or none.</param>
    /// <param name="failure">What the host threw, where it has not said before what holds; otherwise null.</param>
    public EndpointPolicy? Find(string? tenantId, out Exception? failure)
    {
        failure = null;
        if (source is null)
        {
            return null;
        }

        EndpointPolicy? policy;
        try
        {
            policy = source.Find(tenantId);
        }
        catch (Exception exception)
        {
            var last = AnswerOf(tenantId);
            if (last.Failed())
            {
                logger.PolicyFailed(exception, tenantId);
            }

            failure = last.IsKnown ? null : exception;
            return last.Policy;
        }

        AnswerOf(tenantId).Came(policy);
        return policy;
    }

    private Answer AnswerOf(string? tenantId)
    {
        if (tenantId is null)
        {
            return _withoutTenant;
        }

        if (_answers.TryGetValue(tenantId, out var answer))
        {
            return answer;
        }

        if (_answers.Count >= MaxRemembered)
        {
            _answers.Clear();
        }

        return _answers.GetOrAdd(tenantId, new Answer());
    }

    private sealed class Answer
    {
        private volatile bool _isKnown;
        private int _isFailing;

        public EndpointPolicy? Policy { get; private set; }

        public bool IsKnown => _isKnown;

        public void Came(EndpointPolicy? policy)
        {
            // Written only where it changes: every attempt of the tenant comes by here.
            if (!ReferenceEquals(Policy, policy))
            {
                Policy = policy;
            }

            if (!_isKnown)
            {
                _isKnown = true;
            }

            if (Volatile.Read(ref _isFailing) != 0)
            {
                Volatile.Write(ref _isFailing, 0);
            }
        }

        /// <returns>Whether it is the first time since it came.</returns>
        public bool Failed() => Volatile.Read(ref _isFailing) == 0 && Interlocked.Exchange(ref _isFailing, 1) == 0;
    }
}

/// <summary>Asks the host for the policy of a tenant.</summary>
internal sealed record TenantPolicySource(Func<string?, EndpointPolicy?> Find);
