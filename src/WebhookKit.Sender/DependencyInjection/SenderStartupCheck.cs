using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.NetworkSafety;
using WebhookKit.Outbox;

namespace WebhookKit.DependencyInjection;

/// <summary>Reports a sender without a store, options out of bounds, and everything wrong with declared endpoints.</summary>
internal sealed class SenderStartupCheck(
    IServiceProviderIsService services,
    IOptions<SenderOptions> options,
    IOptions<OperationalEventsOptions> operational,
    DeclaredEndpoints endpoints) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        if (new[] { typeof(IOutboxStore), typeof(IDeliveryStore), typeof(IEndpointStore) }.Any(store => !services.IsService(store)))
        {
            yield return "The sender has no store. Add one behind AddSender: .UseEntityFrameworkCore<YourDbContext>(), "
                + "or .UseInMemoryStore() for tests and first steps.";
        }

        foreach (var error in OptionErrors(options.Value).Concat(HealthErrors(options.Value.EndpointHealth)).Concat(endpoints.Errors).Concat(OperationalErrors()))
        {
            yield return error;
        }
    }

    private IEnumerable<string> OperationalErrors() =>
        from receiver in operational.Value.Receivers
        where !endpoints.All.Any(endpoint => (endpoint.Name, endpoint.TenantId) == receiver)
        select $"Operational events are to be sent to '{receiver.Name}'{(receiver.TenantId is { } tenant ? $" of tenant '{tenant}'" : "")}, which is not "
            + "declared, or has an error of its own. Declare it with AddEndpoint, or name another in OperationalEvents(events => events.SendTo(…)).";

    private static IEnumerable<string> HealthErrors(EndpointHealthPolicy? policy)
    {
        if (policy is null)
        {
            yield return "SenderOptions.EndpointHealth is null: set it to EndpointHealthPolicy.Default or one of your own.";
            yield break;
        }

        if (!(policy.CircuitFailureRatio > 0))
        {
            yield return $"SenderOptions.EndpointHealth.CircuitFailureRatio is {policy.CircuitFailureRatio}: set it to more than 0; more than 1 keeps the circuit closed.";
        }

        (string Name, int Value)[] counts =
        [
            (nameof(policy.CircuitMinimumAttempts), policy.CircuitMinimumAttempts), (nameof(policy.DisableMinimumAttempts), policy.DisableMinimumAttempts),
        ];
        foreach (var (name, value) in counts.Where(count => count.Value < 1))
        {
            yield return $"SenderOptions.EndpointHealth.{name} is {value}: set it to at least 1.";
        }

        (string Name, TimeSpan Value, TimeSpan Most)[] durations =
        [
            (nameof(policy.CircuitWindow), policy.CircuitWindow, TimeSpan.FromDays(1)),
            (nameof(policy.CircuitBreak), policy.CircuitBreak, TimeSpan.FromDays(1)),
            (nameof(policy.DisableAfter), policy.DisableAfter, TimeSpan.MaxValue),
        ];
        foreach (var (name, value, most) in durations.Where(duration => duration.Value <= TimeSpan.Zero || duration.Value > duration.Most))
        {
            yield return $"SenderOptions.EndpointHealth.{name} is {value}: set it to more than zero and at most {most}.";
        }
    }

    private static IEnumerable<string> OptionErrors(SenderOptions options)
    {
        (string Name, TimeSpan Value, TimeSpan Most)[] durations =
        [
            (nameof(options.AttemptTimeout), options.AttemptTimeout, TimeSpan.FromMinutes(10)),
            (nameof(options.LeaseMargin), options.LeaseMargin, TimeSpan.FromMinutes(10)),
            (nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMinutes(10)),
            (nameof(options.PollInterval), options.PollInterval, TimeSpan.FromHours(1)),
            (nameof(options.ShutdownTimeout), options.ShutdownTimeout, TimeSpan.FromHours(1)),
        ];
        foreach (var (name, value, most) in durations)
        {
            if (value <= TimeSpan.Zero || value > most)
            {
                yield return $"SenderOptions.{name} is {value}: set it to more than zero and at most {most}.";
            }
        }

        (string Name, int Value, int Least, int Most)[] counts =
        [
            (nameof(options.MaxInFlight), options.MaxInFlight, 1, 100_000),
            (nameof(options.MaxInFlightPerEndpoint), options.MaxInFlightPerEndpoint, 1, 100_000),
            (nameof(options.MaxKeptResponseBytes), options.MaxKeptResponseBytes, 0, SenderDefaults.MaxKeptResponseBytes),
        ];
        foreach (var (name, value, least, most) in counts)
        {
            if (value < least || value > most)
            {
                yield return $"SenderOptions.{name} is {value}: set it from {least} to {most}.";
            }
        }

        if (options.Proxy is { } proxy && !GuardedHttpOptions.IsProxy(proxy))
        {
            // Not quoted: it may hold a password.
            yield return "SenderOptions.Proxy is not an http URL of a host and a port alone: write it as http://egress.internal:3128, "
                + "with user:password@ before the host if need be.";
        }

        if (options.RetrySchedule is null)
        {
            yield return "SenderOptions.RetrySchedule is null: set it to RetrySchedule.Default or one of your own.";
        }
    }
}
