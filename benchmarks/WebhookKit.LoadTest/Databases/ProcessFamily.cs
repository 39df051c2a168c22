using System.Globalization;

namespace WebhookKit.LoadTest.Databases;

/// <summary>The processor time of a server of many processes, where <c>/proc</c> tells it.</summary>
internal static class ProcessFamily
{
    private const double TicksPerSecond = 100;

    /// <summary>Sums up a process's parent and all children of that parent, ended ones included.</summary>
    /// <returns>Null when the process is not one of this machine.</returns>
    public static double? ReadCpuSeconds(int child)
    {
        if (ReadStat(child) is not { } stat)
        {
            return null;
        }

        var parent = stat.Parent;
        var ticks = ReadStat(parent) is { } ofParent ? ofParent.Own + ofParent.OfEndedChildren : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && ReadStat(id) is { } other && other.Parent == parent)
            {
                ticks += other.Own;
            }
        }

        return ticks / TicksPerSecond;
    }

    private static (int Parent, long Own, long OfEndedChildren)? ReadStat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name in parentheses may contain anything: count from behind it, where field 3 is first.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
