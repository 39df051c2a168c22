using BenchmarkDotNet.Attributes;

namespace WebhookKit.Benchmarks.Verification;

/// <summary>What does verification cost beyond the HMACs that it cannot do without?</summary>
[MemoryDiagnoser]
public class VerificationBenchmarks
{
    private VerificationCase _case = null!;

    [Params(256, 1024, 10_240, 102_400)]
    public int PayloadBytes { get; set; }

    [Params(1, 2)]
    public int MatchingSecret { get; set; }

    [GlobalSetup]
    public void SetUp() => _case = new VerificationCase(PayloadBytes, MatchingSecret);

    [GlobalCleanup]
    public void CleanUp() => _case.Dispose();

    [Benchmark(Baseline = true)]
    public byte[] FloorJoined() => _case.FloorJoined();

    [Benchmark]
    public byte[] FloorApart() => _case.FloorApart();

    [Benchmark]
    public bool Verify() => _case.Verify();
}
