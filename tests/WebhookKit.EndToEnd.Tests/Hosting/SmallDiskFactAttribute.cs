using System.Diagnostics;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A test that needs a file system of its own; visibly skipped where this user may mount none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(static () =>
    {
        using var trial = Process.Start("bash", ["-c", SmallDiskPostgres.Mount, "bash", Path.GetTempPath(), "/dev/null"]);
        trial.WaitForExit();
        return trial.ExitCode == 0;
    });

    public SmallDiskFactAttribute() =>
        Skip = CanMount.Value ? null : "No file system can be mounted here: neither root nor a user namespace in which one is.";
}
