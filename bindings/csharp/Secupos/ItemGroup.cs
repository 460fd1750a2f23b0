// A group of articles, such as "Backwaren".

namespace Secupos
{
    /// <summary>A group of articles.</summary>
    public sealed class ItemGroup
    {
        /// <summary>Makes a group.</summary>
        /// <param name="id">The till's own name for the group, 1 to 64 bytes of UTF-8.</param>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="level">How deep it is, 1 to 10: 1 for a group of its own, 2 for one within that.</param>
        public ItemGroup(string id, string description, int level = 1)
        {
            Id = id;
            Description = description;
            Level = level;
        }

        /// <summary>The till's own name for the group.</summary>
        public string Id { get; }

        /// <summary>What it is.</summary>
        public string Description { get; }

        /// <summary>How deep it is.</summary>
        public int Level { get; }

        /// <summary>What it is.</summary>
        public override string ToString() => $"ItemGroup {Id}: {Description}";
    }
}
