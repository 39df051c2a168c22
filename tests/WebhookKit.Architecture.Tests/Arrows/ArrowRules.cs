namespace WebhookKit.Architecture.Tests.Arrows;

internal static class ArrowRules
{
    public static IEnumerable<string> Check(ProjectFile project, IReadOnlyList<Package> packages)
    {
        var package = packages.FirstOrDefault(candidate => candidate.Name == project.Name);
        if (package is null)
        {
            return [$"{project.Name} is not a known package: add it to {nameof(Packages)}."];
        }

        return project.Projects.Except(package.Projects)
            .Concat(project.References.Except(package.References))
            .Select(reference => $"{project.Name} may not reference {reference}.");
    }
}
