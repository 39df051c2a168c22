using WebhookKit.Architecture.Tests.Snapshots;

namespace WebhookKit.Architecture.Tests.Docs;

public sealed class ProviderPageTests
{
    private static readonly string Folder = Repository.PathOf("docs/providers");

    [Fact]
    public void Pages_OfTheCatalogue_AreWhatItSays()
    {
        var pages = ProviderPage.Entries()
            .Select(entry => (File: $"{entry.Provider.Name}.md", Text: ProviderPage.Render(entry.Property, entry.Provider)))
            .Append((File: "README.md", Text: ProviderPage.Index()))
            .ToDictionary(page => page.File, page => page.Text.ReplaceLineEndings("\n"), StringComparer.Ordinal);
        if (Snapshot.MayAccept(Environment.GetEnvironmentVariable))
        {
            Directory.CreateDirectory(Folder);
            foreach (var (file, text) in pages)
            {
                File.WriteAllText(Path.Combine(Folder, file), text);
            }
        }

        var there = Directory.GetFiles(Folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);
        var hint = $"run again with {Snapshot.AcceptVariable}=1";

        Violations.AssertNone(pages.Where(page => there.GetValueOrDefault(page.Key) != page.Value)
            .Select(page => $"docs/providers/{page.Key} is not what the catalogue says: {hint}.")
            .Concat(there.Keys.Except(pages.Keys).Select(file => $"docs/providers/{file} is of no provider: delete it.")));
    }

    [Fact]
    public void Entries_OfTheCatalogue_AreAllPropertiesOfIt() => Assert.Equal(
        WebhookProviders.All.Select(provider => provider.Name).Order(StringComparer.Ordinal),
        ProviderPage.Entries().Select(entry => entry.Provider.Name).Order(StringComparer.Ordinal));
}
