using Microsoft.Data.Sqlite;

namespace MultiTenantSender;

/// <summary>Tells what happened, and remembers whether it all went as promised.</summary>
public sealed class Story
{
    private int _steps;
    private int _broken;

    public Story() => Console.WriteLine("WebhookKit MultiTenantSender: a platform, its two tenants and their endpoints\n");

    public void Tell(string step, bool asPromised, string evidence)
    {
        _broken += asPromised ? 0 : 1;
        Console.WriteLine($" {++_steps}. {(asPromised ? "ok    " : "BROKEN")} {step}");
        Console.WriteLine($"           {evidence}");
    }

    public int End()
    {
        Console.WriteLine(_broken == 0 ? "\nEverything went as promised." : $"\n{_broken} of {_steps} promises were broken.");
        return _broken == 0 ? 0 : 1;
    }
}

/// <summary>A folder for the database and the keys that protect secrets in it.</summary>
public sealed class StoryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhookkit-tenants-");

    public string Database => Path.Combine(_folder.FullName, "platform.db");

    public DirectoryInfo Keys => _folder.CreateSubdirectory("keys");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
