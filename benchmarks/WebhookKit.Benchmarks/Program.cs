using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using WebhookKit.Benchmarks.Verification;

if (args is ["verification"])
{
    VerificationTable.Print(Console.Out);
    return;
}

// In process: the generated project of the default toolchain does not restore under central package versions.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
