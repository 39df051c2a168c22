using Microsoft.Data.Sqlite;

namespace QuickStart;

/// <summary>A folder of its own for the two databases.</summary>
public sealed class StoryFolder(bool keep) : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("webhookkit-quickstart-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        if (!keep)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
