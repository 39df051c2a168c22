using WebhookKit.DependencyInjection;

namespace WebhookKit.EventTypes;

/// <summary>Reports event-type names that are malformed, and types registered under two names.</summary>
internal sealed class EventTypeStartupCheck(IEnumerable<EventTypeRegistration> registrations) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        foreach (var ofType in registrations.Distinct().GroupBy(registration => registration.Type))
        {
            var names = ofType.Select(registration => registration.Name).ToArray();
            if (names.Length > 1)
            {
                yield return $"The type '{ofType.Key}' is registered as event types '{string.Join("' and '", names)}'. "
                    + "Keep one AddEventType call for it.";
            }

            foreach (var name in names.Where(name => !EventTypeName.IsValid(name)))
            {
                yield return $"'{name}' is not an event-type name. Use segments of letters, digits and '_' "
                    + $"separated by dots, at most {EventTypeName.MaxLength} characters, for example 'invoice.paid'.";
            }
        }
    }
}
