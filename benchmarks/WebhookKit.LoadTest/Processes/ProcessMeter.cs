using System.Globalization;

namespace WebhookKit.LoadTest.Processes;

/// <summary>What this process uses up from a moment on.</summary>
internal sealed class ProcessMeter
{
    private readonly long _allocated;
    private readonly double _cpu;

    private ProcessMeter()
    {
        GC.Collect();
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
    }

    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    public double CpuSeconds => Environment.CpuUsage.TotalTime.TotalSeconds - _cpu;

    /// <summary>The greatest resident size so far (<c>VmHWM</c>); where it is not told, the working set now.</summary>
    public static double PeakRssMiB
    {
        get
        {
            const string Name = "VmHWM:";
            var line = File.Exists("/proc/self/status")
                ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
                : null;
            return line is null
                ? Environment.WorkingSet / 1024d / 1024
                : double.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static ProcessMeter Start() => new();
}
