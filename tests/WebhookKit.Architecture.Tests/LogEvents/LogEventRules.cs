namespace WebhookKit.Architecture.Tests.LogEvents;

/// <summary>An operator filters by id or name: both mean one thing over the whole family.</summary>
internal static class LogEventRules
{
    public static IEnumerable<string> Check(IReadOnlyCollection<LogEvent> events, IReadOnlyList<Package> packages) =>
        events.SelectMany(logged => CheckOne(logged, packages))
            .Concat(Shared(events, logged => logged.Id, "id"))
            .Concat(Shared(events, logged => logged.Name, "name"));

    private static IEnumerable<string> CheckOne(LogEvent logged, IReadOnlyList<Package> packages)
    {
        if (packages.Single(package => package.Name == logged.Package).LogEvents is not { } block)
        {
            yield return $"{logged.Package} has no block of log event ids, but {logged.Method} logs {logged.Id}.";
        }
        else if (logged.Id < block.Start.Value || logged.Id > block.End.Value)
        {
            yield return $"{logged.Package}: {logged.Method} has id {logged.Id}, outside {block}.";
        }

        if (logged.Name != logged.Method)
        {
            yield return $"{logged.Package}: {logged.Method} needs EventName = nameof({logged.Method}), not '{logged.Name}'.";
        }
    }

    private static IEnumerable<string> Shared<T>(IEnumerable<LogEvent> events, Func<LogEvent, T> key, string what) => events
        .GroupBy(key)
        .Where(group => group.Count() > 1)
        .Select(group => $"Log event {what} {group.Key} is shared by {string.Join(", ", group.Select(logged => $"{logged.Package}.{logged.Method}"))}.");
}
