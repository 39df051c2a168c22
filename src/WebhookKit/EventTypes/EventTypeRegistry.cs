using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace WebhookKit.EventTypes;

/// <summary>Every event type the host publishes, by the .NET type of its data.</summary>
public sealed class EventTypeRegistry
{
    private readonly FrozenDictionary<Type, string> _names;

    /// <summary>Builds the registry.</summary>
    /// <param name="registrations">What the host registered; the first registration of a type counts.</param>
    /// <remarks>Two names for one type are reported at start, not here.</remarks>
    public EventTypeRegistry(IEnumerable<EventTypeRegistration> registrations)
    {
        ArgumentNullException.ThrowIfNull(registrations);
        var names = new Dictionary<Type, string>();
        foreach (var registration in registrations)
        {
            names.TryAdd(registration.Type, registration.Name);
        }

        _names = names.ToFrozenDictionary();
    }

    /// <summary>Finds the event type that a .NET type is published as.</summary>
    public bool TryGetName(Type type, [NotNullWhen(true)] out string? name) => _names.TryGetValue(type, out name);
}
