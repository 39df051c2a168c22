namespace WebhookKit.Architecture.Tests.Snapshots;

/// <summary>Compares a text with a reviewed file. File names are Verify's, so that Verify can replace it.</summary>
/// <param name="folder">Where the files are.</param>
/// <param name="mayAccept">Whether a difference overwrites the reviewed file.</param>
internal sealed class Snapshot(string folder, bool mayAccept)
{
    public const string AcceptVariable = "WEBHOOKKIT_ACCEPT_SNAPSHOTS";

    public static Snapshot Beside(string relativeFolder) =>
        new(Repository.PathOf(relativeFolder), MayAccept(Environment.GetEnvironmentVariable));

    /// <summary>A build server must never approve its own change.</summary>
    public static bool MayAccept(Func<string, string?> variable) =>
        variable(AcceptVariable) == "1" && !string.Equals(variable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public void Match(string name, string text)
    {
        var verified = Path.Combine(folder, $"{name}.verified.txt");
        var received = Path.Combine(folder, $"{name}.received.txt");

        if (mayAccept)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(verified, text);
        }

        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail($$"""
            {{name}} differs from its reviewed text.
              reviewed: {{verified}}
              now:      {{received}}
            Compare them. To accept: cp '{{received}}' '{{verified}}', or run again with {{AcceptVariable}}=1.
            {{Difference(verified, text)}}
            """);
    }

    private static string Difference(string verified, string text)
    {
        var before = File.Exists(verified) ? File.ReadAllLines(verified) : [];
        var now = text.Split('\n');
        return string.Join('\n', before.Except(now).Select(line => "- " + line).Concat(now.Except(before).Select(line => "+ " + line)).Take(40));
    }
}
