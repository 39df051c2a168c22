using System.Reflection;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Architecture.Tests.LogEvents;

/// <summary>What one source-generated log method states.</summary>
internal sealed record LogEvent(string Package, string Method, int Id, string? Name)
{
    public static IEnumerable<LogEvent> Of(string package, IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
        where attribute is not null
        select new LogEvent(package, method.Name, attribute.EventId, attribute.EventName);
}
