using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace WebhookKit.LoadTest.Reporting;

/// <summary>What somebody has to know who compares figures.</summary>
internal sealed record Conditions(
    string Date, int Cores, string? Processor, double MemoryGiB, string System, string Runtime, string GarbageCollector, double? LoadAverage, string Store)
{
    /// <param name="store">The store and its settings.</param>
    public static Conditions Read(string store) => new(
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC",
        Environment.ProcessorCount,
        FindLine("/proc/cpuinfo", "model name"),
        Median.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024d / 1024 / 1024)!.Value,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC ? "server" : "workstation",
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null,
        store);

    private static string? FindLine(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;
}
