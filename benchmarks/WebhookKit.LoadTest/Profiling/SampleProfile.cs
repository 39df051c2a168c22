using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.EventPipe;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace WebhookKit.LoadTest.Profiling;

/// <summary>Samples the managed stacks of another process; it slows that process down, so only shares mean something.</summary>
internal sealed class SampleProfile
{
    private const int Lines = 30;

    // Where every asynchronous method passes, or where a thread waits for work.
    private static readonly string[] Plumbing = ["System.Threading.", "System.Runtime.CompilerServices."];

    private readonly string _file = Path.GetTempFileName();
    private readonly EventPipeSession _session;
    private readonly Task _copied;

    private SampleProfile(EventPipeSession session)
    {
        _session = session;
        _copied = CopyAsync();
    }

    public static SampleProfile Start(int processId) => new(new DiagnosticsClient(processId).StartEventPipeSession(
    [
        new EventPipeProvider("Microsoft-DotNETCore-SampleProfiler", EventLevel.Informational),
        new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)ClrTraceEventParser.Keywords.Default),
    ]));

    /// <summary>Ends the sampling.</summary>
    /// <returns>The methods most often on a running stack, with their share of the samples, and the share in which each was on top.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellationToken)
    {
        await _session.StopAsync(cancellationToken);
        await _copied;
        _session.Dispose();
        var log = TraceLog.CreateFromEventPipeDataFile(_file);
        try
        {
            return Summarize(log);
        }
        finally
        {
            File.Delete(_file);
            File.Delete(log);
        }
    }

    private static List<string> Summarize(string file)
    {
        var within = new Dictionary<string, int>();
        var onTop = new Dictionary<string, int>();
        var samples = 0;
        using var log = new TraceLog(file);
        using var source = log.Events.GetSource();
        new SampleProfilerTraceEventParser(source).ThreadSample += Count;
        source.Process();
        return [.. within
            .Where(method => !Plumbing.Any(plumbing => method.Key.StartsWith(plumbing, StringComparison.Ordinal)))
            .OrderByDescending(method => method.Value)
            .Take(Lines)
            .Select(method => $"{Share(method.Value)} within {Share(onTop.GetValueOrDefault(method.Key))} on top  {method.Key}")];

        string Share(int count) => $"{100d * count / samples,5:F1} %";

        void Count(ClrThreadSampleTraceData sample)
        {
            // The others wait, or are in the system, which the sampler cannot tell apart.
            if (sample.Type != ClrThreadSampleType.Managed)
            {
                return;
            }

            samples++;
            var seen = new HashSet<string>();
            for (var frame = sample.CallStack(); frame is not null; frame = frame.Caller)
            {
                var method = frame.CodeAddress.FullMethodName.Split('(')[0];
                if (seen.Count == 0)
                {
                    onTop[method] = onTop.GetValueOrDefault(method) + 1;
                }

                if (seen.Add(method))
                {
                    within[method] = within.GetValueOrDefault(method) + 1;
                }
            }
        }
    }

    private async Task CopyAsync()
    {
        await using var file = File.Create(_file);
        await _session.EventStream.CopyToAsync(file);
    }
}
