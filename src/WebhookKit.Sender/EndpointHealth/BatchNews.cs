using System.Text.Json;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;

namespace WebhookKit.Endpoints;

/// <summary>What one batch of outcomes changed, for the log and for those whom the host wants to be told.</summary>
internal sealed class BatchNews(IReadOnlyList<AttemptVerdict> verdicts, OperationalEvents operational)
{
    // A store may repeat its transaction, or write a batch in several: the last word on each endpoint counts.
    private readonly Dictionary<EndpointId, EndpointTransition> _transitions = [];
    private bool _hasMessages;

    /// <summary>The planner handed to the store.</summary>
    public IReadOnlyList<WebhookMessage> Plan(
        IReadOnlyList<EndpointTransition> endpoints, IReadOnlyList<DeliveryCompletion> deadLettered)
    {
        foreach (var transition in endpoints)
        {
            _transitions[transition.State.EndpointId] = transition;
        }

        if (!operational.IsOn)
        {
            return [];
        }

        WebhookMessage[] messages = [.. endpoints.SelectMany(Tell), .. deadLettered.SelectMany(Tell)];
        _hasMessages |= messages.Length > 0;
        return messages;
    }

    /// <summary>Logs what is committed now.</summary>
    /// <returns>Whether there are messages to be sent.</returns>
    public bool Tell(ILogger logger)
    {
        foreach (var (id, transition) in _transitions)
        {
            switch (transition.Change)
            {
                case EndpointHealthChange.Failing:
                    logger.EndpointFailing(id, transition.State.ConsecutiveFailures, transition.State.Circuit);
                    break;
                case EndpointHealthChange.Recovered:
                    logger.EndpointRecovered(id);
                    break;
                case EndpointHealthChange.Disabled when transition.DisableBecause == EndpointStatusReason.Failing:
                    logger.EndpointGivenUp(id, transition.State.FailingSince, transition.State.ConsecutiveFailures);
                    break;
            }
        }

        return _hasMessages;
    }

    private IEnumerable<WebhookMessage> Tell(EndpointTransition transition)
    {
        var state = transition.State;
        var ofEndpoint = verdicts.Where(verdict => verdict.Health?.EndpointId == state.EndpointId).ToArray();
        if (ofEndpoint.All(verdict => verdict.Origin == MessageOrigin.Operational))
        {
            return [];
        }

        var endpoint = ofEndpoint.Select(verdict => verdict.Endpoint).FirstOrDefault(endpoint => endpoint is not null);
        var eventType = transition.Change switch
        {
            EndpointHealthChange.Disabled => OperationalEventTypes.EndpointDisabled,
            EndpointHealthChange.Failing => OperationalEventTypes.EndpointFailing,
            _ => OperationalEventTypes.EndpointRecovered,
        };
        var data = new EndpointHealthEvent
        {
            EndpointId = state.EndpointId.ToString(),
            TenantId = endpoint?.TenantId,
            Name = endpoint?.Name,
            Reason = transition.DisableBecause is { } reason ? CamelCase(reason) : null,
            ConsecutiveFailures = state.ConsecutiveFailures,
            FailingSince = state.FailingSince,
            LastSuccessAt = state.LastSuccessAt,
        };
        return operational.Create(eventType, data, OperationalJson.Default.EndpointHealthEvent, endpoint?.TenantId);
    }

    private IEnumerable<WebhookMessage> Tell(DeliveryCompletion completion)
    {
        var verdict = verdicts.First(verdict => verdict.Completion.Delivery.Id == completion.Delivery.Id);
        if (verdict.Origin == MessageOrigin.Operational)
        {
            return [];
        }

        var delivery = completion.Delivery;
        var data = new DeliveryExhaustedEvent
        {
            DeliveryId = delivery.Id.ToString(),
            MessageId = delivery.MessageId.ToString(),
            EventType = verdict.EventType,
            EndpointId = delivery.EndpointId.ToString(),
            TenantId = verdict.Endpoint?.TenantId,
            Reason = CamelCase(completion.Reason),
            Attempts = delivery.Attempts + (completion.Attempt is null ? 0 : 1),
            LastOutcome = completion.Attempt is { } attempt ? CamelCase(attempt.Outcome) : null,
            LastStatusCode = completion.Attempt?.StatusCode,
        };
        return operational.Create(
            OperationalEventTypes.DeliveryExhausted, data, OperationalJson.Default.DeliveryExhaustedEvent, verdict.Endpoint?.TenantId);
    }

    private static string CamelCase<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
